"""The statuses of an article."""

#: The status of a draft that waits for the approval of another editor.
IN_REVIEW = "in review"
#: The statuses of articles that are not published yet.
UNPUBLISHED = ("draft", IN_REVIEW)
STATUSES = (*UNPUBLISHED, "published", "retired")
