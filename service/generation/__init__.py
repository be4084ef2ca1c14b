"""What briefs and translations share: calls to the models, pieces of grammars and prompts."""
