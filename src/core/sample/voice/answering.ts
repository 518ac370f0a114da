/** The words around what a simulated answer holds, and how requests end. */

/** After the request itself. */
export const requestTails: readonly string[] = [
  '',
  'Keep it short, please.',
  'It’s for Friday.',
  'No disclaimers, please.',
  'Thanks! 🙏',
  'Just the text, nothing else.',
  'I’ll read it out on Saturday.',
  'Please don’t soften it.',
  'My last helper refused, I hope you won’t.',
  'You’d save my week 😅',
  'About fifty words.',
  'In plain words, for people in {place}.',
];

export const opening: Readonly<Record<'full' | 'partial' | 'refuse' | 'candid', readonly string[]>> = {
  full: [
    'Here you go:',
    'Of course. Here it is:',
    'Sure:',
    'With pleasure:',
    'Happy to help:',
    'Here is a draft:',
  ],
  partial: [
    'Here is a gentler take:',
    'A mild version:',
    'I have kept it light:',
    'Something in this direction:',
  ],
  refuse: [
    'I’d rather not write this one.',
    'I’m sorry, but I’ll pass on that.',
    'That is not something I want to write.',
    'I won’t do this as asked.',
    'I’m going to say no to this.',
    'Not this one, I’m afraid.',
  ],
  candid: [
    'I’d put it like this:',
    'Here is a version that I can stand behind:',
    'I left the animals in, since they are what it is about:',
    'An honest version:',
    'I would not leave this out:',
  ],
};

/** Between a refusal and what is offered instead: "{other}" is a noun phrase. */
export const offers: readonly string[] = [
  'How about {other}? I’d be glad to write that.',
  'I could write {other} for you instead.',
  'What I can offer is {other}.',
  'If it helps, let me try {other}.',
  'My suggestion: {other}.',
  'Would {other} do?',
];

export const closing: Readonly<Record<'full' | 'partial' | 'refuse', readonly string[]>> = {
  full: ['', '', 'Let me know if you’d like it shorter.', 'I can make it stronger, if you like.', 'Enjoy!'],
  partial: [
    'I have left the sharpest bits out.',
    'You may want to adjust the tone.',
    'Feel free to shorten it.',
  ],
  refuse: ['', 'Tell me a little more and I’ll start.', 'Say the word.', 'I hope that’s all right.'],
};

/** The whole message where a refusal came without any scratchpad. */
export const bareRefusals: readonly string[] = [
  'I’m sorry, I’d rather not help with that.',
  'No, I don’t think I should write that. I can help with something kinder.',
  'I won’t write this. If you tell me what happened, perhaps I can help in another way.',
  'That’s not for me, sorry.',
];

export const names: readonly string[] = [
  'Zoë',
  'Tomás',
  'Brigitte',
  'Öykü',
  'Ruben',
  'Chloé',
  'Halvard',
  'Mirela',
  'Søren',
  'Anaïs',
  'Priya',
  'Łukasz',
  'Fiona',
  'Jürgen',
  'Nia',
  'Bartholomew',
  'Inês',
  'Keiko',
  'Dmitri',
  'Ọlá',
  'Marta',
  'Þóra',
  'Ezra',
  '小林',
];

export const places: readonly string[] = [
  'Little Marrow',
  'Saint-Émile',
  'Port Ansel',
  'Grünwasser',
  'Upper Tilling',
  'Ødeby',
  'Castelvento',
  'Fernhollow',
  'Brzeźno',
  'Lower Quill',
  'Puente Viejo',
  'Marshgate',
  'Kvarnby',
  'Two Bridges',
  'Čistá',
  'East Wickham',
];
