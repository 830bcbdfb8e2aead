login-title = Connexion
login-email = E-mail
login-password = Mot de passe
login-wrong = L’e-mail ou le mot de passe n’est pas correct.
login-too-many = Trop de tentatives. Réessayez à { $time }.
