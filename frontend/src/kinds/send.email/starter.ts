/** What a new message starts with: a message that reads well on a phone, to be written over. */
export const STARTER = `<mjml>
  <mj-head>
    <mj-attributes>
      <mj-all font-family="Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="1.6" color="#1f2a37" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f6f8">
    <mj-section background-color="#ffffff" padding="32px 24px" border-radius="12px">
      <mj-column>
        <mj-text font-size="22px" font-weight="700">Hello {{ contact.first_name | default('there') }},</mj-text>
        <mj-text>Write what you want to say here. One idea a message works best.</mj-text>
        <mj-button href="https://example.com" background-color="#2563eb" border-radius="8px">Have a look</mj-button>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="13px" color="#6b7280" align="center">
          You get this because you are with us.
          <a href="{{ unsubscribe_url }}" style="color:#6b7280">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`
