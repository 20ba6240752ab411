/** A small router, for what has none. */

export function routeFor(routes, method, path) {
  const asked = method === 'HEAD' ? 'GET' : method
  return routes.find((route) => route.method === asked && route.path === path)
}
