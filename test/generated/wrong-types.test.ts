import { describeWrongTypes } from '../lint/wrong-types.ts';

describeWrongTypes(1);
