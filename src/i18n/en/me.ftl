me-display = Display
me-theme = Theme
me-theme-system = As on this device
me-theme-light = Light
me-theme-dark = Dark
me-shortcuts = Keyboard shortcuts of a single key
me-shortcuts-hint = / searches, G and then a letter opens an app, J and K move through rows. Switch them off if you speak to your computer or press keys by accident.
me-digest = E-mails about refused deliveries
me-digest-hint = At most one an hour, and only while Amazon refuses something.
me-save = Save
me-saved = Preferences saved.
me-account = Account
me-role = Role
me-password = Password
me-current = Current password
me-current-wrong = The current password is not right
me-new = New password
me-change-password = Change the password
me-password-changed = Password changed. Your other sessions were ended.
me-sessions = My sessions
me-this-one = This one
me-since = since
me-seen = last used
me-end-others = End the others
me-others-ended = { $count ->
    [one] { $count } session ended.
   *[other] { $count } sessions ended.
}
me-developer-hint = Shows the controls that move the Last Order Sync date, start a synchronization and recover an order. It holds for this session only, and what you do is recorded.
