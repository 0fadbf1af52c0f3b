"""A learned estimate of which offers are accepted, shown beside the rule and never deciding. Needs scikit-learn, which
only these modules import, and only when they are asked."""
