/** In the browser in place of `d3-color` (next.config.js): nothing that is animated is a colour. */
function none(): null {
  return null
}

export { none as color, none as cubehelix, none as hcl, none as hsl, none as lab, none as rgb }
