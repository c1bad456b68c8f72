/** The text that the emulator's clips hold in a box of their own: their pictures are the same ones, whatever was asked for. */
export const standInText = 'shotlist emulator';
