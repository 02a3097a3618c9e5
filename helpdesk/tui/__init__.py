"""The app: screens, widgets and keys.  It calls ``desk`` for everything and knows no database.

What is imported before the first paint (``app``, ``queue``, ``header``, ``key_bar``) loads no desk
verbs, because these bring the ORM along; all other screens are imported when they are opened.
"""
