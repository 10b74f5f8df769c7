"""The look: template tags, the frame's context, the map. No models; no context imports it."""
