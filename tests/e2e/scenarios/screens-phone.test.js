import { tour } from '../lib/tour.js';

tour('phone');
