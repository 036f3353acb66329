"""The random walks of the pipeline: the stage, the world that it leaves, and the model of both."""
