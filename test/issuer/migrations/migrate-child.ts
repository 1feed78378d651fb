/** Opens the store of a URL, which brings its schema up to date, and ends. */
import { openServerStore } from '../../../host/issuer/store/server.js';

await (await openServerStore(process.argv[2] ?? '')).close();
