//FILES datasets/snapshots/amdv1-a.json=amdv1-a.json
//FILES datasets/snapshots/amdv1-b.json=amdv1-b.json
//FILES datasets/snapshots/armv8-s1-a.json=armv8-s1-a.json
//FILES datasets/snapshots/armv8-s2-a.json=armv8-s2-a.json
//FILES datasets/snapshots/vtdss-a.json=vtdss-a.json
//FILES datasets/snapshots/x86_64-a.json=x86_64-a.json
