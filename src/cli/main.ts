console.log('backchannel')
