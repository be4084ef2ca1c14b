"""Jobs over HTTP: ``/jobs``, ``POST /batch``, and ``POST /summarize`` when it becomes a job."""
