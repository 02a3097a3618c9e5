"""What a command needs of the host if an SSH client runs it, besides what every command needs."""

from enum import Flag, auto


class Need(Flag):
    """What a command may touch; the default of a command is :attr:`NOTHING`.

    Every command may read the program, the knowledge base and the desk's database, and may change
    the database and its search index.
    """

    NOTHING = 0
    READ_DROP = auto()
    """read the file in the drop folder that its arguments name"""
    WRITE_DROP = auto()
    """write the file in the drop folder that its arguments name"""
    ARTICLES = auto()
    """change articles, and start git to commit them"""
    DRAFTS = auto()
    """the agent's own drafts, and ``keys.toml``"""
    EDITOR = auto()
    """start the editor that ``door.toml`` names, on a copy of an article"""
    KEYS = auto()
    """change sshd's file of keys"""
    ANCHORS = auto()
    """append to the file of anchors"""

    #: The app without a command.
    APP = ARTICLES | DRAFTS | EDITOR
