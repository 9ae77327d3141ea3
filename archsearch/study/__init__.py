"""Studies: what is proposed, evaluated and recorded, in three phases. The only package that knows Optuna."""
