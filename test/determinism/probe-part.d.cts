export declare function stackOfAnother(): string | undefined;
