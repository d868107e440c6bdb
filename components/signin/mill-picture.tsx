import { Bot, UserCheck, Webhook } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { CategoryTile } from '@/components/ui/category-tile'
import { cn } from '@/components/ui/cn'

const channel = 'M592 206H628Q640 206 640 218V308Q640 320 628 320H360A150 150 0 0 0 360 620H720'
const spokes =
  'M463.9 491.1L494.0 470.0M454.9 517.2L489.4 504.7M439.4 540.2L476.0 537.0M418.6 558.4L454.8 564.8M393.7 570.5L427.0 586.0M366.5 575.8L394.7 599.4M338.9 573.9L360.0 604.0M312.8 564.9L325.3 599.4M289.8 549.4L293.0 586.0M271.6 528.6L265.2 564.8M259.5 503.7L244.0 537.0M254.2 476.5L230.6 504.7M256.1 448.9L226.0 470.0M265.1 422.8L230.6 435.3M280.6 399.8L244.0 403.0M301.4 381.6L265.2 375.2M326.3 369.5L293.0 354.0M353.5 364.2L325.3 340.6M381.1 366.1L360.0 336.0M407.2 375.1L394.7 340.6M430.2 390.6L427.0 354.0M448.4 411.4L454.8 375.2M460.5 436.3L476.0 403.0M465.8 463.5L489.4 435.3M381.9 467.8L465.7 477.9M380.7 477.3L464.6 487.4M377.0 483.9L429.1 550.4M369.5 489.9L421.6 556.2M362.2 491.9L352.1 575.7M352.7 490.7L342.6 574.6M346.1 487.0L279.6 539.1M340.1 479.5L273.8 531.6M338.1 472.2L254.3 462.1M339.3 462.7L255.4 452.6M343.0 456.1L290.9 389.6M350.5 450.1L298.4 383.8M357.8 448.1L367.9 364.3M367.3 449.3L377.4 365.4M373.9 453.0L440.4 400.9M379.9 460.5L446.2 408.4'

/** Work flows over the wheel: the first thing anyone sees. */
export function MillPicture() {
  const t = useTranslations('signin')
  return (
    <div aria-hidden className="dots-20 relative overflow-hidden border-r bg-ground max-lg:hidden">
      <svg
        viewBox="0 0 720 900"
        preserveAspectRatio="xMidYMid slice"
        className="absolute inset-0 size-full"
        fill="none"
        strokeLinecap="round"
      >
        <title>{t('picture.title')}</title>
        <path className="stroke-mark" strokeWidth="1.5" d="M188 142H240M372 142H404Q416 142 416 154V194Q416 206 428 206H460" />
        <path className="stroke-running-border" strokeWidth="3" d={channel} />
        <path className="stream" d={channel} />
        <g className="stroke-mark" strokeWidth="1.5">
          <circle cx="360" cy="470" r="134" className="fill-surface" />
          <circle cx="360" cy="470" r="106" />
          <circle cx="360" cy="470" r="22" className="fill-raised" />
          <circle cx="360" cy="470" r="5" className="fill-mark" />
          <path d={spokes} />
        </g>
        <Node x={56} y={120} round name={t('picture.order')}>
          <CategoryTile category="trigger" size="sm" round>
            <Webhook />
          </CategoryTile>
        </Node>
        <Node x={240} y={120} name={t('picture.credit')}>
          <CategoryTile category="ai" size="sm">
            <Bot />
          </CategoryTile>
        </Node>
        <Node x={460} y={184} name={t('picture.approve')}>
          <CategoryTile category="people" size="sm">
            <UserCheck />
          </CategoryTile>
        </Node>
      </svg>
      <div className="absolute bottom-17 left-13 w-120 bg-ground p-1">
        <p className="text-28 font-semibold tracking-[-0.025em]">{t('promise')}</p>
        <p className="mt-2 max-w-110 text-14 text-text-2">{t('promiseDetail')}</p>
      </div>
    </div>
  )
}

function Node({ x, y, round, name, children }: { x: number; y: number; round?: boolean; name: string; children: ReactNode }) {
  return (
    <foreignObject x={x} y={y} width={132} height={44}>
      <div
        className={cn(
          'flex h-11 items-center gap-2 rounded-lg border border-border-strong bg-raised px-2 text-12 font-medium',
          round && 'rounded-full',
        )}
      >
        {children}
        <span className="truncate">{name}</span>
      </div>
    </foreignObject>
  )
}
