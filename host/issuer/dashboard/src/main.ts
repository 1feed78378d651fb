import { mount } from 'svelte';
import App from './App.svelte';
import { preferences } from './lib/preferences.svelte.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

preferences.start();
const target = document.getElementById('app');
if (target === null) throw new Error('the page has no place for the dashboard');
mount(App, { target });
