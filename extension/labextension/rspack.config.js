// Ids by order: the build is the same bytes in any checkout.
module.exports = { optimization: { moduleIds: 'natural', chunkIds: 'natural' } };
