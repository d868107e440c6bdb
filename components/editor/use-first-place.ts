import { useReactFlow } from '@xyflow/react'
import { firstPlace } from './places'

/** Gives where the first step goes on the canvas as it is on screen. */
export function useFirstPlace() {
  const { screenToFlowPosition } = useReactFlow()
  return () => {
    const canvas = document.querySelector('[data-testid="canvas"]')?.getBoundingClientRect()
    return canvas ? screenToFlowPosition(firstPlace(canvas)) : { x: 0, y: 0 }
  }
}
