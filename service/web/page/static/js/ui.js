// What every view is made of: Preact, its hooks, and `html`, a template tag in place of JSX.
// Values in a template become text nodes or properties, never markup.
import { h, render, Component, Fragment } from "preact";
import { useEffect, useMemo, useRef, useState, useCallback } from "preact/hooks";
import htm from "htm";

export const html = htm.bind(h);
export { render, Component, Fragment, useEffect, useMemo, useRef, useState, useCallback };

// The class names whose condition holds: names({ lit: true, doubtful: false }) is "lit".
export const names = (conditions) =>
  Object.keys(conditions)
    .filter((name) => conditions[name])
    .join(" ");
