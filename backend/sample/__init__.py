"""The sample workspace: a record shop with real customers, real purchases and three journeys."""
