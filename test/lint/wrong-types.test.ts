import { describeWrongTypes } from './wrong-types.ts';

// A part of what `npm run test:generated` does whole.
describeWrongTypes(5);
