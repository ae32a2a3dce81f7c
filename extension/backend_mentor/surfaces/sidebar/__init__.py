"""The kernel's side of the sidebar: questions and answers on one comm, what happens meanwhile on another."""
