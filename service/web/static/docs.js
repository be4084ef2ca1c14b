// validatorUrl: the default would send the address of the schema to swagger.io
SwaggerUIBundle({
  url: "/schema/openapi.json",
  dom_id: "#docs",
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: -1,
});
