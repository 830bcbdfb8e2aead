dashboard-title = Dashboard
dashboard-attention = What needs attention
dashboard-all-clear = All clear.
dashboard-last = Last sync { $when }: { $created } new orders.
dashboard-late = Late to ship
dashboard-late-text = { $count ->
    [one] { $count } order is past the time by which Amazon expects it to leave.
   *[other] { $count } orders are past the time by which Amazon expects them to leave.
}
dashboard-today = To ship today
dashboard-today-text = { $count ->
    [one] { $count } order must leave before the end of the day.
   *[other] { $count } orders must leave before the end of the day.
}
dashboard-conflict = Needs a decision
dashboard-conflict-text = { $count ->
    [one] Amazon and Comptoir disagree about { $count } order.
   *[other] Amazon and Comptoir disagree about { $count } orders.
}
dashboard-issues = { $count ->
    [one] { $count } open issue.
   *[other] { $count } open issues.
}
dashboard-lost = Amazon no longer accepts the authorization: nothing is read.
dashboard-behind = Last read { $when }, longer than two intervals.
dashboard-runs = Last runs
dashboard-renew = The authorization at Amazon ends on { $day }: link the account again before then.
dashboard-renew-over = The authorization at Amazon ended on { $day }: link the account again.
dashboard-secret = The application’s client secret expires on { $day }: make a new one in the developer console and enter it.
dashboard-secret-over = The application’s client secret expired on { $day }: make a new one in the developer console and enter it.
