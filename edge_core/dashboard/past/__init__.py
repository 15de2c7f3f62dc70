"""Pages about days gone by: today against others, heat, ways, funnel, stays, who came."""
