"""A stateful Slack on real TCP: its workspaces and people, its Web API, and what it delivers to an app.

slack = FakeSlack()
await slack.start()                                              # slack.base_url, TOKEN, APP_TOKEN
hands = Hands(slack, HttpTransport.to("http://127.0.0.1:8080"))  # or Hands(slack, slack.sockets)
await hands.says("U0ALICE", "C0PARTNER", "<@U0BOT> which deals do we have?")
slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
slack.meter.enforce()
assert slack.violations == []
"""
