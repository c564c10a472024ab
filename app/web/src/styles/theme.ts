import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** Shade 9 is what is filled, under white words; 8 is that under the pointer. */
// prettier-ignore
const accent: MantineColorsTuple = [
  "#edf2fe", "#dbe4fc", "#b9cbf9", "#8fb0ff", "#7096f5",
  "#5a82ea", "#4c74e0", "#4169d6", "#365ecc", "#2f55c4",
];

// From words to what lies below the page: Mantine's own greys of the dark scheme are none of ours.
// prettier-ignore
const dark: MantineColorsTuple = [
  "#e6e8eb", "#c3c9d1", "#9ea6b1", "#6b7480", "#434b55",
  "#2a3037", "#1b1f24", "#14171b", "#0f1215", "#0b0d0f",
];

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: "accent",
  primaryShade: 9,
  defaultRadius: 6,
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "12px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "24px", xl: "28px" },
  headings: { fontFamily: "var(--font)" },
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    Modal: {
      defaultProps: { closeButtonProps: { "aria-label": "Close" }, overlayProps: { backgroundOpacity: 0.4 } },
      styles: { title: { fontWeight: 600, fontSize: 16 } },
    },
  },
});

/** Mantine's colours are ours, which follow the scheme by themselves. */
export const variables: CSSVariablesResolver = () => {
  const neutral = {
    "--mantine-color-body": "var(--page)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-bright": "var(--text)",
    "--mantine-color-dimmed": "var(--quiet)",
    "--mantine-color-placeholder": "var(--quiet)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-accent-light-color": "var(--accent)",
    "--mantine-color-accent-light-hover": "var(--hover)",
    "--mantine-color-red-light-color": "var(--bad)",
    "--mantine-color-red-light-hover": "var(--hover)",
    "--mantine-color-default": "var(--raised)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--edge)",
  };
  return { variables: {}, light: neutral, dark: neutral };
};
