/** The look, as values: Mantine speaks through our tokens, so that tokens.css alone decides colours. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'
import type { Family } from '../api/types'

export const FAMILIES = ['trigger', 'wait', 'branch', 'send', 'action', 'people', 'end'] as const satisfies Family[]

/** Colours of a family as CSS values: `line` for edges and icons, `soft` for tiles, `ink` for text. */
export function familyColors(family: Family): { line: string; soft: string; ink: string } {
  return {
    line: `var(--family-${family})`,
    soft: `var(--family-${family}-soft)`,
    ink: `var(--family-${family}-ink)`,
  }
}

const indigo: MantineColorsTuple = [
  '#eceefb',
  '#d6daf5',
  '#bcc4fb',
  '#a3adf7',
  '#7f8ae0',
  '#5b67cc',
  '#4350b8',
  '#353f98',
  '#2a3277',
  '#1e2456',
]

/** For what cannot be undone. Shades 6 (light) and 3 (dark) are the filled ones. */
const danger: MantineColorsTuple = [
  '#fcebe9',
  '#f8d3d0',
  '#f5b5af',
  '#ff9d93',
  '#e0675d',
  '#cd433a',
  '#b3261e',
  '#8f1d17',
  '#6d1510',
  '#4b0d0a',
]

/** Warm paper and blue dusk, for the parts of Mantine that ask for its greys by name. */
const gray: MantineColorsTuple = [
  '#f7f6f3',
  '#f1f0ec',
  '#e5e3dd',
  '#cfccc4',
  '#b9b6ae',
  '#8c8a84',
  '#6e6d6a',
  '#53535a',
  '#363842',
  '#1d2130',
]
const dark: MantineColorsTuple = [
  '#e9eaf0',
  '#c3c7d2',
  '#a3a9b8',
  '#737a8b',
  '#424856',
  '#2c313c',
  '#252933',
  '#1c1f27',
  '#171a21',
  '#14161c',
]

/** Text on a filled colour must be dark in the dark theme, where the fill is light; Mantine knows one colour for both. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input)
  if (input.variant !== 'filled') return resolved
  if (input.color === undefined || input.color === 'indigo') return { ...resolved, color: 'var(--on-accent)' }
  return input.color === 'danger' ? { ...resolved, color: 'var(--on-bad)' } : resolved
}

export const theme = createTheme({
  colors: { indigo, danger, gray, dark },
  variantColorResolver,
  primaryColor: 'indigo',
  primaryShade: { light: 6, dark: 3 },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  defaultRadius: 8,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontSizes: { xs: '12px', sm: '13.5px', md: '15px', lg: '17px', xl: '20px' },
  headings: { fontFamily: 'var(--font)', fontWeight: '640' },
  components: {
    Input: { vars: () => ({ wrapper: { '--input-bd': 'var(--control-line)' } }) },
    InputWrapper: { styles: { label: { marginBottom: 5, fontWeight: 560 }, description: { marginBottom: 6 } } },
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 350, transitionProps: { duration: 120 } } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 14,
        padding: 'lg',
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.35, blur: 2 },
      },
    },
    Drawer: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.35, blur: 2 },
      },
    },
    Select: { defaultProps: { comboboxProps: { shadow: 'md' }, allowDeselect: false } },
    Notification: { defaultProps: { radius: 10 } },
  },
})

/** Mantine's own surfaces and lines, said in our tokens. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--card)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--card)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-strong)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
    '--mantine-primary-color-light': 'var(--accent-soft)',
    '--mantine-primary-color-light-color': 'var(--accent)',
    '--mantine-color-indigo-filled': 'var(--accent)',
    '--mantine-color-indigo-filled-hover': 'var(--accent-strong)',
    '--mantine-color-indigo-light': 'var(--accent-soft)',
    '--mantine-color-indigo-light-color': 'var(--accent)',
  }
  return { variables: {}, light: shared, dark: shared }
}
