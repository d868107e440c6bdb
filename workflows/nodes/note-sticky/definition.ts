import { z } from 'zod'
import { limits } from '../../limits'
import { defineNote } from '../define'

export const noteSticky = defineNote({
  type: 'note.sticky',
  version: 1,
  title: 'Sticky note',
  summary: 'Write on the canvas what the next person should know.',
  category: 'note',
  icon: 'sticky-note',
  keywords: ['comment', 'text', 'note', 'documentation'],
  ports: { in: [], out: [] },
  params: z.object({
    text: z.string().max(limits.descriptionLength).default(''),
    colour: z.enum(['sand', 'water', 'moss', 'clay']).default('sand'),
  }),
  form: {
    text: {
      label: 'Text',
      widget: 'textarea',
      help: 'Markdown works.',
      example: '**Credit limit**\n€5,000 agreed with finance.',
      literal: true,
    },
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
