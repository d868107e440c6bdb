declare module 'd3-interpolate/whole' {
  type View = [x: number, y: number, width: number]
  export function interpolateZoom(from: View, to: View): ((at: number) => View) & { duration: number }
}
