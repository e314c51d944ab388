"""What somebody says who is well, and what is not well about somebody else."""

CALM = {
    "feeling": "same",
    "breath": "normal",
    "chest-pain": "no",
    "hot": "no",
    "cough": "no",
    "medicines": "enough",
    "food": "week",
    "care": "no-need",
    "mood": "no",
}
COUGHING = CALM | {"cough": "yes"}
BREATHLESS = CALM | {"breath": "rest"}
