'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useEffect, useState } from 'react'
import { useOrganization } from './organization'
import { replaceSearch } from './url-state'

/** The project whose things lists show; null for all. In the URL, and remembered for pages opened without it. */
export function useProject() {
  const { id, projects } = useOrganization()
  const params = useSearchParams()
  const inUrl = params.get('project')
  const key = `millrace.project.${id}`
  const [remembered, setRemembered] = useState<string | null>(null)
  useEffect(() => setRemembered(localStorage.getItem(key)), [key])
  const wanted = inUrl ?? remembered
  const project = projects.find((one) => one.id === wanted) ?? null
  const setProject = useCallback(
    (projectId: string | null) => {
      if (projectId) localStorage.setItem(key, projectId)
      else localStorage.removeItem(key)
      setRemembered(projectId)
      window.dispatchEvent(new StorageEvent('storage', { key, newValue: projectId }))
      replaceSearch((search) => {
        if (projectId) search.set('project', projectId)
        else search.delete('project')
        search.delete('cursor')
      })
    },
    [key],
  )
  useEffect(() => {
    const listen = (event: StorageEvent) => event.key === key && setRemembered(event.newValue)
    window.addEventListener('storage', listen)
    return () => window.removeEventListener('storage', listen)
  }, [key])
  return { project, projectId: project?.id, setProject }
}
