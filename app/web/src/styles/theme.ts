import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** Shade 9 is what is filled, under white words; 8 is that under the pointer. */
// prettier-ignore
const accent: MantineColorsTuple = [
  "#edf2fe", "#dbe4fc", "#b9cbf9", "#8fb0ff", "#7096f5",
  "#5a82ea", "#4c74e0", "#4169d6", "#365ecc", "#2f55c4",
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: "accent",
  primaryShade: 9,
  defaultRadius: 6,
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "12px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "24px", xl: "28px" },
  headings: { fontFamily: "var(--font)" },
  respectReducedMotion: true,
  components: { Button: Button.extend({ defaultProps: { size: "sm" } }) },
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
    "--mantine-color-default": "var(--raised)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--edge)",
  };
  return { variables: {}, light: neutral, dark: neutral };
};
