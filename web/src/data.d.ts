// `foramen:data`, what the build takes from the project: the names of the model's values, and notes of the corpora.

import type { NoteType, Payer, Setting } from "../../bindings/wasm/types.ts";

export interface Sample {
  title: string;
  note_type: NoteType;
  text: string;
}

export declare const noteTypes: NoteType[];
export declare const settings: Setting[];
export declare const payers: Payer[];
export declare const samples: Sample[];
