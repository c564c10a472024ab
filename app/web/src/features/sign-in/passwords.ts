export const MIN_PASSWORD_LENGTH = 12; // as the API has it
