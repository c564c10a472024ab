declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  const SwaggerUI: (options: Record<string, unknown>) => void;
  export default SwaggerUI;
}

declare module "redoc/bundles/redoc.standalone.js?url" {
  const url: string;
  export default url;
}

declare const Redoc: {
  init: (spec: object, options: Record<string, unknown>, place: Element) => void;
};
