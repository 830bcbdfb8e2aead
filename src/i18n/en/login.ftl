login-title = Log in
login-email = E-mail
login-password = Password
login-wrong = The e-mail or the password is not right.
login-too-many = Too many attempts. Try again at { $time }.
