import { Start } from '@/components/signin/start'

export default function StartPage() {
  return <Start />
}
