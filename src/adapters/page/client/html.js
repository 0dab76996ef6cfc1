// One way to write markup: htm over preact. What is put into a template is text or an attribute, never markup.
import htm from 'htm'
import { h } from 'preact'

export const html = htm.bind(h)

/** @param {(string | false | null | undefined)[]} names */
export const classes = (...names) => names.filter(Boolean).join(' ')
