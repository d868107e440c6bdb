import { z } from 'zod'
import { defineNote } from '../define'

export const noteGroup = defineNote({
  type: 'note.group',
  version: 1,
  title: 'Group',
  summary: 'Draw a named frame around steps that belong together; it changes nothing about how they run.',
  category: 'note',
  icon: 'group',
  keywords: ['frame', 'section', 'box', 'collapse', 'organize', 'area'],
  ports: { in: [], out: [] },
  gathers: true,
  params: z.object({ colour: z.enum(['sand', 'water', 'moss', 'clay']).default('sand') }),
  form: {
    colour: {
      label: 'Colour',
      widget: 'select',
      options: [
        { value: 'sand', label: 'Sand' },
        { value: 'water', label: 'Water' },
        { value: 'moss', label: 'Moss' },
        { value: 'clay', label: 'Clay' },
      ],
      literal: true,
    },
  },
})
