/** The mark: a loquat with its leaf. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <path
        d="M15.4 9.3C9 9.7 4.6 13.9 4.6 19.2c0 5.4 4.6 9.6 10.6 9.6 6.6 0 11.6-4.6 11.6-10.4 0-5.2-4.4-9.5-11.4-9.1Z"
        fill="#f4a742"
      />
      <path
        d="M8.3 20.3c.2 2.6 2 4.6 4.4 5.2"
        fill="none"
        stroke="#fff"
        strokeOpacity=".75"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
      <path d="M15.2 10.2c.3-4.6 3.9-7.6 10.6-7.4-.2 5.3-4 8.4-10.6 7.4Z" fill="#2f7a58" />
      <path
        d="M15.2 10.2c2.2-2.1 4.5-3.6 7.2-4.9"
        fill="none"
        stroke="#1c5039"
        strokeWidth="1.1"
        strokeLinecap="round"
      />
    </svg>
  );
}
