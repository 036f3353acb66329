SwaggerUIBundle({
  url: document.currentScript.dataset.schema,
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
});
