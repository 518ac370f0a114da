/** Hatching that the figures refer to; in the page once, since Plot draws each figure anew. */
export function Patterns() {
  return (
    <svg class="hidden" aria-hidden="true" width="0" height="0">
      <defs>
        <pattern
          id="part-hatch"
          width="6"
          height="6"
          patternTransform="rotate(45)"
          patternUnits="userSpaceOnUse"
        >
          <rect class="hatch-ground" width="6" height="6" />
          <rect class="hatch-line" width="3" height="6" />
        </pattern>
      </defs>
    </svg>
  );
}
