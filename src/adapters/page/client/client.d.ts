// What the page's modules may expect of the browser beyond its standard library: nothing.
