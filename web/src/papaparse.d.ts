// What is used of Papa Parse, which brings no types. (Those that others wrote bring all of Node's.)
declare module 'papaparse' {
  interface Mistake {
    message: string;
    /** Where in the text. */
    index?: number;
  }
  const Papa: {
    parse(
      text: string,
      options: {delimiter: string; newline: string},
    ): {data: string[][]; errors: Mistake[]};
  };
  export default Papa;
}
