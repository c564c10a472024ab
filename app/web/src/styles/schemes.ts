import { useMantineColorScheme, type MantineColorScheme } from "@mantine/core";

export const SCHEMES: readonly { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Return which colours were chosen, and how to choose others. */
export function useScheme(): [MantineColorScheme, (value: string) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return [
    colorScheme,
    (chosen) => {
      const scheme = SCHEMES.find(({ value }) => value === chosen);
      if (scheme) setColorScheme(scheme.value);
    },
  ];
}
