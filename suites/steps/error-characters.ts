/** The characters of what an error says (RFC 6749 section 4.1.2.1, and RFC 6750 section 3 for challenges). */

/** error and error_description. */
export const ERROR_TEXT = /^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/;
export const ERROR_URI = /^[\x21\x23-\x5B\x5D-\x7E]*$/;
