"""SSH access: the forced command that sshd starts, which gives an agent the help desk only.

sshd starts the program with a line that ``helpdesk agent key add`` wrote; nothing on that line
comes from the client.  The client controls a command line, environment variables and its input:
:mod:`environment` drops all but a few harmless variables, :mod:`request` parses the command line
without a shell, and :mod:`confinement` keeps the process from starting programs and from writing
outside the desk's folders.  :mod:`sign_in` comes before the command line is even parsed, and
:mod:`request_end` ends a request early: when the agent is disabled or the client is gone.
"""
