"""The door: what sshd's forced command starts, so that an agent reaches the help desk alone.

The program is started by sshd with a line that ``helpdesk agent key add`` wrote; nothing on that
line comes from the client.  What does come from the client is a command line, an environment and
what is typed: :mod:`environment` throws the environment away but for a few harmless names,
:mod:`request` reads the command line without a shell, :mod:`confinement` keeps the process from
starting programs and from writing outside the desk's own folders.
"""
