// Slack's own Node framework on the local workspace: the same conversation that the Python tests hold.
import bolt from '@slack/bolt';

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
  logLevel: 'error',
});

const plain = (text) => ({ type: 'plain_text', text });
const form = (place) => ({
  type: 'modal',
  callback_id: 'order',
  title: plain('Order'),
  submit: plain('Send'),
  private_metadata: place,
  blocks: [{ type: 'input', block_id: 'size', label: plain('Size'), element: { type: 'plain_text_input', action_id: 'size' } }],
});

app.message(async ({ message, say }) => {
  if (message.subtype !== undefined) return;
  const button = { type: 'button', action_id: 'order', text: plain('Order'), value: 'shoes' };
  await say({
    text: `You said: ${message.text}`,
    thread_ts: message.ts,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Shoes?' } }, { type: 'actions', elements: [button] }],
  });
});

app.action('order', async ({ ack, body, client, action }) => {
  await ack();
  const place = `${body.channel.id} ${body.container.message_ts} ${action.value}`;
  await client.views.open({ trigger_id: body.trigger_id, view: form(place) });
});

app.view('order', async ({ ack, view, client }) => {
  const size = view.state.values.size.size.value;
  if (!/^\d+$/.test(size)) {
    await ack({ response_action: 'errors', errors: { size: 'A number, please' } });
    return;
  }
  await ack();
  const [channel, ts, what] = view.private_metadata.split(' ');
  await client.chat.update({ channel, ts, text: `Ordered ${what} in ${size}` });
});

app.command('/ask', async ({ ack, command, respond }) => {
  await ack('looking');
  await respond(`no ${command.text}`);
});

app.shortcut('correct_answer', async ({ ack, shortcut, client }) => {
  await ack();
  await client.reactions.add({ channel: shortcut.channel.id, timestamp: shortcut.message_ts, name: 'eyes' });
});

await app.start();
console.log('ready');
// Ends with the test that started it.
process.stdin.on('end', () => process.exit(0)).resume();
